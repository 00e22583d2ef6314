package dev.gatehouse.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs with each door in HTTP/1.1. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnumSource(value = DoorKind.class, mode = EnumSource.Mode.EXCLUDE, names = "PROXY_OVER_HTTP_2")
public @interface EachDoor {}
