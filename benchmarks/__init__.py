"""How fast is it?  One run measures Pincite beside rank_bm25 on the same passages and questions."""
