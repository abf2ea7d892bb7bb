"""One module per kind of file: bytes in, `Extract` out, `UnreadableFile` when it cannot be."""
