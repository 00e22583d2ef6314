package dev.gatehouse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints the results of several rounds as one table of Markdown. */
public final class Table {
  private record Row(List<Double> nanos, List<Double> bytes) {}

  private Table() {}

  /** Reads the JSON files of JMH that are named. */
  public static void main(String[] files) throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    for (String file : files) {
      for (JsonNode result : new ObjectMapper().readTree(Path.of(file).toFile())) {
        String name = result.get("benchmark").asText().replaceFirst(".*\\.", "");
        String credential = result.at("/params/credential").asText();
        Row row =
            rows.computeIfAbsent(
                credential + " | " + name, key -> new Row(new ArrayList<>(), new ArrayList<>()));
        row.nanos().add(result.at("/primaryMetric/scorePercentiles").get("50.0").asDouble());
        result
            .get("secondaryMetrics")
            .properties()
            .forEach(
                metric -> {
                  if (metric.getKey().endsWith("gc.alloc.rate.norm")) {
                    row.bytes().add(metric.getValue().get("score").asDouble());
                  }
                });
      }
    }
    System.out.println(
        "| request | measured | median ns | fastest round | slowest round | bytes |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    rows.forEach(
        (name, row) -> {
          row.nanos().sort(null);
          row.bytes().sort(null);
          System.out.printf(
              "| %s | %.0f | %.0f | %.0f | %.0f |%n",
              name,
              row.nanos().get(row.nanos().size() / 2),
              row.nanos().get(0),
              row.nanos().get(row.nanos().size() - 1),
              row.bytes().get(row.bytes().size() / 2));
        });
  }
}
