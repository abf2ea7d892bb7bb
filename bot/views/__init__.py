"""How does an answer look in Telegram? As HTML within its limits. Nothing here imports telegram."""
