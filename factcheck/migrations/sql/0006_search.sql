-- Finding annotations by their words and by their place (docs/decisions/0012-search-by-words.md).

-- What is typed and what stands in the text are made alike before they are compared: compatibility forms are folded
-- (NFKC), Arabic loses its vowel signs and the stretching tatweel, and scripts that put no space between words are
-- taken sign by sign, so that a phrase of signs finds a word inside a sentence. Letter case is folded by the
-- configuration "simple", which knows no language: a project has articles in several.
-- The bodies are in the form that is bound when it is written, so they hold under any search_path.
CREATE FUNCTION search_form(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(
    regexp_replace(normalize(left(words, 60000), NFKC), '[\u0640\u064B-\u065F\u0670]+', '', 'g'),
    '([\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\U00020000-\U0003FFFF])',
    ' \1 ', 'g');

-- The bar is no word that anybody can type: no phrase goes from the text into the note.
CREATE FUNCTION annotation_words(pieces text[], note text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
RETURN to_tsvector('simple', search_form(array_to_string(pieces, ' '))) || '''|'':1'::tsvector
    || to_tsvector('simple', search_form(note));

CREATE INDEX annotation_by_words ON annotation USING gin (annotation_words(pieces, note));
CREATE INDEX annotation_by_place ON annotation (article_id, lower(extent), upper(extent));
