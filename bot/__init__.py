"""The face: settings, composition, command line, console chat and Telegram."""
