"""Real Chromium before a whole real site: what a person sees and does, with nothing of ours reached from inside."""
