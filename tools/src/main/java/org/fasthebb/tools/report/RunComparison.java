package org.fasthebb.tools.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.tools.console.Text;

/**
 * Runs side by side.
 *
 * @param runs at least two
 */
public record RunComparison(List<RunFolder> runs) {
  /**
   * The settings that differ, by name as on the command line, with a value for each run; "default"
   * where a run has none, and a dash where it has not come to what it is for.
   */
  public Map<String, List<String>> differences() {
    Set<String> names = new LinkedHashSet<>();
    Set<String> readOut = new HashSet<>();
    for (RunFolder run : runs) {
      names.addAll(run.settings().keySet());
      readOut.addAll(run.readOutSettings());
    }
    Map<String, List<String>> differences = new LinkedHashMap<>();
    for (String name : names) {
      List<String> values = runs.stream().map(run -> value(run, name, readOut)).toList();
      if (values.stream().distinct().count() > 1) {
        differences.put(name.replace('_', '-'), values);
      }
    }
    return differences;
  }

  private static String value(RunFolder run, String name, Set<String> readOut) {
    String value = run.settings().get(name);
    if (value == null) {
      boolean has = !readOut.contains(name) || run.labels() != null;
      return has ? "default" : "-";
    }
    return value.isEmpty() ? "on" : name.equals("labels") ? run.labelled() : value;
  }

  /** Short names of the runs, which tell them apart. */
  public List<String> names() {
    List<String> names = runs.stream().map(RunComparison::name).toList();
    return names.stream().distinct().count() == names.size()
        ? names
        : runs.stream().map(run -> run.folder().toString()).toList();
  }

  private static String name(RunFolder run) {
    return run.folder().toAbsolutePath().normalize().getFileName().toString();
  }

  /** The page, which needs no other file. */
  public String page() {
    String title = "Comparison of " + runs.size() + " runs";
    Html html = Html.openPage("FastHebb: " + title);
    html.element("h1", title);
    accuracies(html);
    settings(html);
    curves(html, "Pre-training", RunFolder::pretraining);
    curves(html, "Learning the labels", RunFolder::learning);
    return html.closePage().toString();
  }

  private void accuracies(Html html) {
    html.openTable(List.of("run", "test accuracy", "validation", "labels", "method", "data", ""));
    for (int i = 0; i < runs.size(); i++) {
      RunFolder run = runs.get(i);
      Double validation = run.results() == null ? null : run.results().validationAccuracy();
      html.open("tr").element("th", names().get(i));
      html.element("td", percent(run.accuracy())).element("td", percent(validation));
      html.element("td", run.labelled());
      html.element("td", run.method()).element("td", run.data());
      html.element("td", run.status().toString()).close();
    }
    html.closeTable();
  }

  private static String percent(Double part) {
    return part == null ? "" : Text.percent(part);
  }

  private void settings(Html html) {
    html.element("h2", "Settings that differ");
    if (differences().isEmpty()) {
      html.element("p", "None: the runs have the same settings and the same data.");
      return;
    }
    html.openTable(Stream.concat(Stream.of("setting"), names().stream()).toList());
    differences()
        .forEach((name, values) -> {
          html.open("tr").element("th", name);
          values.forEach(value -> html.element("td", value));
          html.close();
        });
    html.closeTable();
  }

  private void curves(Html html, String phase, Function<RunFolder, History> of) {
    List<Series> accuracies = series(of, History::accuracies, 100);
    List<Series> losses = series(of, History::losses, 1);
    losses.removeIf(curve -> curve.highest() == 0); // of phases that have none
    if (accuracies.isEmpty() && losses.isEmpty()) {
      return;
    }
    html.element("h2", phase).open("div", "class", "pair");
    if (!accuracies.isEmpty()) {
      double highest = accuracies.stream().mapToDouble(Series::highest).max().orElse(0);
      double chance = chance();
      if (chance > 0) {
        int epochs = accuracies.stream().mapToInt(curve -> curve.values().size()).max().orElse(0);
        accuracies.addFirst(Series.level("chance", Look.CHANCE, chance, epochs));
      }
      ValueAxis axis = ValueAxis.percent(Math.max(highest, chance));
      Chart.overEpochs("Accuracy on validation images", "", axis, accuracies).draw(html);
    }
    if (!losses.isEmpty()) {
      Chart.overEpochs("Training loss", "", ValueAxis.of(losses), losses).draw(html);
    }
    html.close();
  }

  /** The accuracy of guessing in percent, if all runs have as many classes; else 0. */
  private double chance() {
    List<Integer> classes =
        runs.stream()
            .filter(run -> run.results() != null)
            .map(run -> run.results().classes())
            .distinct()
            .toList();
    return classes.size() == 1 ? 100.0 / classes.getFirst() : 0;
  }

  /** The curves of the runs that have one. Each run has the look of another method. */
  private List<Series> series(
      Function<RunFolder, History> of, Function<History, List<Double>> values, double scale) {
    List<Series> series = new ArrayList<>();
    List<Method> methods = Method.all();
    for (int i = 0; i < runs.size(); i++) {
      History history = of.apply(runs.get(i));
      if (history != null && !values.apply(history).isEmpty()) {
        Look look = Look.of(methods.get(i % methods.size()).name());
        List<Double> scaled = values.apply(history).stream().map(value -> scale * value).toList();
        series.add(Series.of(names().get(i), look, scaled));
      }
    }
    return series;
  }
}
