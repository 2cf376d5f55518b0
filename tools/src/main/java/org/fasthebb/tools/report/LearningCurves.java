package org.fasthebb.tools.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.tables.Table2;
import org.fasthebb.tools.tables.Table2Text;

/**
 * The course of the fine-tunings behind a Table 2: means over seeds.
 *
 * @param byRegime labels in percent, then methods, then the histories of the seeds
 */
record LearningCurves(Map<String, Map<String, List<History>>> byRegime) {

  /** Reads the histories of a table's fine-tunings from its folder. */
  static LearningCurves read(Path folder, Table2 table) throws CheckpointException {
    Map<String, Map<String, List<History>>> histories = new LinkedHashMap<>();
    for (Table2.RegimeRow row : table.rows()) {
      List<History> seeds = new ArrayList<>();
      for (long seed = 0; seed < row.seeds(); seed++) {
        Path pretraining = TableOptions.pretraining(folder, row.method(), seed);
        Path history = TableOptions.fineTuning(pretraining, row.regime(), 0).resolve("model.json");
        if (Files.exists(history)) {
          seeds.add(Json.read(history, History.class));
        }
      }
      if (!seeds.isEmpty()) {
        histories
            .computeIfAbsent(row.regime(), _ -> new LinkedHashMap<>())
            .put(row.method(), seeds);
      }
    }
    return new LearningCurves(histories);
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

  /**
   * Draws two charts for each regime.
   *
   * @param classes of the data, or 0 if their number is not known
   */
  void draw(Html html, int classes) {
    if (byRegime.isEmpty()) {
      return;
    }
    html.element("h2", "Learning curves");
    String lead =
        "Accuracy on the validation images, and loss on the training images, after each"
            + " epoch of learning the labels or round of self-training: means over seeds, of the"
            + " first set of labels.";
    html.element("p", lead, "class", "lead").open("div", "class", "pair");
    byRegime.forEach((regime, methods) -> {
      String title = regime + " % of the labels, ";
      List<Series> accuracies = series(methods, History::accuracies, 100);
      double highest = accuracies.stream().mapToDouble(Series::highest).max().orElse(0);
      if (classes > 0) {
        int epochs = accuracies.stream().mapToInt(curve -> curve.values().size()).max().orElse(0);
        double chance = 100.0 / classes;
        accuracies.addFirst(Series.level("chance", Look.CHANCE, chance, epochs));
        highest = Math.max(highest, chance);
      }
      Chart.overEpochs(title + "accuracy", "", ValueAxis.percent(highest), accuracies).draw(html);
      List<Series> losses = series(methods, History::losses, 1);
      losses.removeIf(
          curve -> curve.highest() == 0); // of read-outs in closed form, which have none
      if (!losses.isEmpty()) {
        Chart.overEpochs(title + "loss", "", ValueAxis.of(losses), losses).draw(html);
      }
    });
    html.close();
  }

  private static List<Series> series(
      Map<String, List<History>> methods, Function<History, List<Double>> of, double scale) {
    List<Series> series = new ArrayList<>();
    methods.forEach((method, seeds) -> {
      List<Double> mean = mean(seeds.stream().map(of).toList());
      List<Double> scaled = mean.stream().map(value -> scale * value).toList();
      series.add(Series.of(Table2Text.heading(method), Look.of(method), scaled));
    });
    return series;
  }
}
