"""One module per thing a person can do in Telegram."""
