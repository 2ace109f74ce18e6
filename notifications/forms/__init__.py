"""Forms of acts on a notification; the questions of the notification itself are in `pages`."""
