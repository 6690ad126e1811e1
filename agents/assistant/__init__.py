"""The assistant of a bank: understands, keeps a dialogue, calls tools, answers with sources."""
