def main(**k): print("todo")
