package dev.gatehouse.proxy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Tests of one gateway that speaks HTTP/2 in the clear, before an app that says ok. */
abstract class H2cContract {
  static RawUpstream app;
  static Door door;

  @BeforeAll
  static void open() {
    app = RawUpstream.answering(RawUpstream.OK);
    door = Door.speakingH2c(app, Door.LIMITS);
  }

  @AfterAll
  static void close() {
    door.close();
    app.close();
  }

  @BeforeEach
  void forget() {
    app.calls().clear();
  }
}
