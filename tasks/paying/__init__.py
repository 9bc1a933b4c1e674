"""Stage 6: paying through providers - what they are asked and told, and what they say, judged before it is believed.

A provider is any object with `name`, `label` and the methods of tasks/paying/alipay.py: `page`, `read`, `ask`, `stop`, `give_back`, `bill`.
"""
