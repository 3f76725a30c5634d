"""A bot on the published client `openilink-sdk-python`: logs in, shows typing, echoes two messages, and ends.

usage: bot.py URL
"""

import sys

from openilink.auth import LoginCallbacks, login_with_qr
from openilink.client import Client
from openilink.monitor import MonitorOptions, monitor
from openilink.types import TypingStatus

client = Client("", base_url=sys.argv[1])
codes, cursors, errors = [], [], []
done = login_with_qr(client, LoginCallbacks(on_qrcode=codes.append), timeout=20)
assert done.connected, done.message
echoed = []


def echo(message):
    text = message.item_list[0].text_item.text
    config = client.get_config(message.from_user_id, message.context_token)
    client.send_typing(message.from_user_id, config.typing_ticket)
    # Its names for messages are milliseconds: two of one millisecond would be one.
    echoed.append(client.send_text(message.from_user_id, "echo: " + text, message.context_token))
    client.send_typing(message.from_user_id, config.typing_ticket, TypingStatus.CANCEL)
    if len(echoed) == 2:
        client.stop()


monitor(client, echo, MonitorOptions(on_buf_update=cursors.append, on_error=errors.append))
print(len(codes), len(echoed), len(cursors), errors)
