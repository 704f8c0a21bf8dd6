"""The answers library (标准答案库): categories, articles with versions, questions, search and use.

What agents answer from. It knows no customer and no work order.
"""
