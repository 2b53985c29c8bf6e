"""What one key of our own keypad does to the text in a field."""


def press(text: str, key: str, longest: int) -> str:
    """Give the text after a key: one character, `delete` or `clear`; past `longest` nothing more is taken."""
    if key == "delete":
        return text[:-1]
    if key == "clear":
        return ""
    return text + key if len(key) == 1 and len(text) < longest else text
