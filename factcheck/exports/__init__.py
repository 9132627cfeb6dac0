"""Records in, bytes out, streaming: the formats in which a project leaves the product. Pure Python, no
Django.
"""
