"""Texts that break programs which handle text carelessly; each is a legal text, and comes back as it was."""

STRINGS = (
    "=1+1",
    '\'=HYPERLINK("x")',
    "\t-tab first",
    'quotes " and \\ back\\\\slashes \\N \\. \\x41 \\u0041 %s {0} $1',
    "line\nends\r\nof\rall kinds\u2028and\u2029more\x85\x0b\x0c",
    "\x01\x02\x1b[31m\x7f controls",
    "{},[],NULL,null,\\N,None,undefined",
    "عربي مع English ومرة أخرى \u200f\u202e backwards \u202c",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 z͑ͫ̓a̴l̸g̶o e\u0301 \ufeff\u200b",
    "<script>alert(1)</script> &amp; ]]> <!--",
    "  spaces around  ",
    "\U0010ffff\ufffe\ufdd0 non-characters",
    "'; DROP TABLE annotation; --",
    "; ; a; b",
)
