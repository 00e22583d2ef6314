package dev.gatehouse;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Several rules on one test. */
@Retention(RUNTIME)
@Target({METHOD, TYPE})
public @interface Rules {
  /** The rules. */
  Rule[] value();
}
