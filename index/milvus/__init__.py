"""The same, where several machines share one index: Milvus, counts in the database."""
