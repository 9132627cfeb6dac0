"""The claim map's reckoning, without a database: claims that repeat each other as one row, answers, evidence, gaps."""
