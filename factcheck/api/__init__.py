"""The REST API under `/api/v1/`: serializers check what comes in, `present` makes what goes out.

A view fetches, calls one service or query, and answers; who may do what is decided below it.
"""
