"""The legal moves of runs and steps, audited; called by actions (people) and jobs (workers) alike."""
