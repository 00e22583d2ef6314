package dev.gatehouse;

import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/** Names the rule of the threat catalogue that a test proves, such as {@code TH-STATE-2}. */
@Retention(RUNTIME)
@Target({METHOD, TYPE})
@Repeatable(Rules.class)
public @interface Rule {
  /** The id, one of those in {@code rules.txt}. */
  String value();
}
