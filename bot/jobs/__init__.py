"""Scheduled work: one file a job, each with WHEN and `run(conn, now)`; APScheduler is only the alarm clock."""
