package dev.gatehouse.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.AnnotationSupport;

/** Chooses the doors of a {@link ContractTest}. */
final class Doors implements ArgumentsProvider {
  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    boolean all = AnnotationSupport.isAnnotated(context.getRequiredTestClass(), OverHttp2.class);
    return (all ? List.of(DoorKind.values()) : DoorKind.overHttp1()).stream().map(Arguments::of);
  }
}
