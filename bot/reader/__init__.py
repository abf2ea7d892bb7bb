"""The reader: a web page that opens a citation on its page, with the sentence marked."""
