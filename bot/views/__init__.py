"""How does an answer look in Telegram?  HTML in chunks; nothing here imports telegram."""
