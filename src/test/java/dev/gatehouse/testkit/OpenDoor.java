package dev.gatehouse.testkit;

/** A gateway that serves on a loopback port. */
interface OpenDoor extends AutoCloseable {
  /** Where it listens. */
  int port();

  @Override
  void close();
}
