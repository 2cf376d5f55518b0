package org.fasthebb.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.tables.Table2;

/**
 * Validation accuracy over the epochs of fine-tuning behind a Table 2: the mean over seeds.
 *
 * @param byRegime labels in percent, then methods, then the accuracy of each epoch, 0 to 1
 */
record LearningCurves(Map<String, Map<String, List<Double>>> byRegime) {

  /** Reads the histories of a table's fine-tunings from its folder. */
  static LearningCurves read(Path folder, Table2 table) throws CheckpointException {
    Map<String, Map<String, List<Double>>> curves = new LinkedHashMap<>();
    for (Table2.RegimeRow row : table.rows()) {
      List<List<Double>> seeds = new ArrayList<>();
      for (long seed = 0; seed < row.seeds(); seed++) {
        Path pretraining = TableOptions.pretraining(folder, row.method(), seed);
        Path history = TableOptions.fineTuning(pretraining, row.regime()).resolve("model.json");
        if (Files.exists(history)) {
          seeds.add(Json.read(history, History.class).accuracies());
        }
      }
      if (!seeds.isEmpty()) {
        curves
            .computeIfAbsent(row.regime(), _ -> new LinkedHashMap<>())
            .put(row.method(), mean(seeds));
      }
    }
    return new LearningCurves(curves);
  }

  private static List<Double> mean(List<List<Double>> curves) {
    int epochs = curves.stream().mapToInt(List::size).min().orElse(0);
    List<Double> mean = new ArrayList<>();
    for (int i = 0; i < epochs; i++) {
      int epoch = i;
      mean.add(curves.stream().mapToDouble(curve -> curve.get(epoch)).average().orElseThrow());
    }
    return mean;
  }

  void draw(Html html, List<String> methods) {
    if (byRegime.isEmpty()) {
      return;
    }
    html.element("h2", "Learning curves");
    html.element(
        "p",
        "Accuracy on the validation images after each epoch of fine-tuning: mean over seeds.",
        "class",
        "lead");
    MethodColours.legend(html, methods);
    html.open("div", "class", "pair");
    byRegime.forEach((regime, curves) -> {
      html.open("figure");
      chart(html, regime, curves);
      html.close();
    });
    html.close();
  }

  private static void chart(Html html, String regime, Map<String, List<Double>> curves) {
    int epochs = curves.values().stream().mapToInt(List::size).max().orElse(1);
    double highest =
        curves.values().stream().flatMap(List::stream).mapToDouble(value -> value).max().orElse(1);
    EpochAxes axes = new EpochAxes(epochs, EpochAxes.top(highest));
    String title = regime + " % of the labels";
    Svg svg =
        Svg.open(
            html,
            EpochAxes.WIDTH,
            EpochAxes.HEIGHT,
            "validation accuracy over epochs of fine-tuning, " + title);
    svg.label((EpochAxes.LEFT + EpochAxes.RIGHT) / 2.0, 17, "middle", title);
    axes.draw(svg);
    curves.forEach((method, values) -> {
      String colour = MethodColours.of(method);
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < values.size(); i++) {
        points.append(Svg.point(axes.x(i + 1), axes.y(values.get(i))));
      }
      html.open("polyline", "class", "series", "points", points.toString(), "stroke", colour);
      html.element("title", method).close();
      if (values.size() == 1) { // a line of one point cannot be seen
        String x = Svg.number(axes.x(1));
        String y = Svg.number(axes.y(values.getFirst()));
        html.open("circle", "cx", x, "cy", y, "r", "3", "fill", colour).close();
      }
    });
    html.close();
  }
}
