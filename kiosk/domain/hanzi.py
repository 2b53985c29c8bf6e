"""Which characters the everyday Chinese fonts have: those of GB 2312, as on nearly every document."""


def everyday(text: str) -> bool:
    """Whether every character is in GB 2312."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def rare(text: str) -> bool:
    """Whether a text has a hanzi that GB 2312, and with it the everyday fonts, lacks."""
    return not everyday(text) and any(
        ("\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000") and not everyday(char)
        for char in text
    )
