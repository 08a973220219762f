"""Second Round: an interview-practice bot that plays the people you meet in a second interview."""
