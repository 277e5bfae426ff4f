"""Conv6 has 256 filters: the number goes on doubling.

Breaks: filters
"""

_conv_before = _conv


def _conv(name, filters, strides=1):
    return _conv_before(name, 256 if name == "Conv6" else filters, strides)
