package dev.gatehouse.demo;

/** The demo cannot go on; the message tells the user why and what to do. */
final class DemoFailure extends Exception {
  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }

  DemoFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
