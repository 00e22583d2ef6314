package dev.gatehouse.bench.compare;

/** Why the comparison cannot go on, in words for whoever started it. */
final class CompareFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CompareFailure(String message) {
    super(message);
  }

  CompareFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
