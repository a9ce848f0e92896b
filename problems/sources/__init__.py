"""Local sources alone, in uniform plasmas, and the simplest wave that they make."""
