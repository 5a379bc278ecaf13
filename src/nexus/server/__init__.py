"""What is done: the verbs of the chat, the hub, the journal, accounts and transcripts."""
