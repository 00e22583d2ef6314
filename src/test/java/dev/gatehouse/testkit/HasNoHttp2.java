package dev.gatehouse.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test of an {@link OverHttp2} class about what HTTP/2 has no words for; {@code value} is why.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface HasNoHttp2 {
  /** The reason, with its section of RFC 9113. */
  String value();
}
