"""Getting an article in: bytes to text, its language and direction, dates as they are known. Pure Python, no
Django.
"""
