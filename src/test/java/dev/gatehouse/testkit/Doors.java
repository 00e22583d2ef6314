package dev.gatehouse.testkit;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Chooses the doors of a {@link ContractTest}, and of its tests those that have a meaning there.
 */
final class Doors implements ArgumentsProvider, ExecutionCondition {
  @Override
  public Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context) {
    boolean all = AnnotationSupport.isAnnotated(context.getRequiredTestClass(), OverHttp2.class);
    return (all ? List.of(DoorKind.values()) : DoorKind.overHttp1()).stream().map(Arguments::of);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean http2 =
        context
            .getTestInstance()
            .filter(ContractTest.class::isInstance)
            .map(test -> ((ContractTest) test).door)
            .filter(DoorKind::overHttp2)
            .isPresent();
    return AnnotationSupport.findAnnotation(context.getElement(), HasNoHttp2.class)
        .filter(reason -> http2)
        .map(reason -> ConditionEvaluationResult.disabled(reason.value()))
        .orElse(ConditionEvaluationResult.enabled("HTTP/1.1, or nothing is said against it"));
  }
}
