"""The legal moves of an account: called by actions (people) and jobs (workers) alike."""
