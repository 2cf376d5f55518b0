package org.fasthebb.tools.command;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.OutputFolder;
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.option.ReadOutOptions;
import org.fasthebb.tools.search.CoordinateDescent;
import org.fasthebb.tools.search.CoordinateDescent.Trial;
import org.fasthebb.tools.search.SearchObjective;
import org.fasthebb.tools.search.SearchOptions;
import org.fasthebb.tools.search.SearchTable;
import org.fasthebb.tools.search.Space;
import org.fasthebb.tools.tables.Sample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Search for hyper-parameters, as in the paper's section 4.3. */
@Command(
    name = "search",
    description = "Search for the hyper-parameters with the highest validation accuracy.",
    footer = {
      "",
      "Coordinate descent: from a random combination, each parameter in turn moves to a better"
          + " neighbour in its list of values (the first and the last are neighbours). When no move"
          + " improves the accuracy, the search restarts from another random combination. The test"
          + " images are never used. search.csv is updated after each combination; with a larger"
          + " --trials, the same command continues the search.",
      "",
      "Example:",
      "  ./fasthebb search --space rate=3e-4,1e-3,3e-3 dropout=0,0.5 --trials 6"
    })
public final class SearchCommand extends TrainingCommand {
  @Mixin private PretrainOptions pretrain;
  @Mixin private ReadOutOptions readOut;
  @Mixin private SearchOptions search;

  private SearchCommand() {}

  @Override
  void check() {
    pretrain.check(this, data());
    readOut.check(this, pretrain.method());
    Method method = pretrain.method();
    search.check(this, method, readOut.settings(method, pretrain.architecture(), null).readOut());
    long seed = training().seed();
    require(
        seed <= Long.MAX_VALUE - search.seeds(),
        "--seed is " + seed + "; it and the --seeds after it must be at most " + Long.MAX_VALUE);
  }

  @Override
  int side() {
    return pretrain.architecture().side();
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    long seed = training().seed();
    Space space = search.space();
    String name =
        Text.format(
            "search-%s-%s-%spercent", images.name(), pretrain.method(), readOut.labels().digits());
    Path folder =
        OutputFolder.make(training().out(name, unusual(settings(Map.of(), seed).unusual()))).path();
    SearchObjective objective =
        new SearchObjective(
            backend,
            images,
            space,
            this::settings,
            LongStream.range(seed, seed + search.seeds()).boxed().toList(),
            folder,
            progress,
            save().pace(),
            new ArrayList<>());
    try (FolderLock _ = FolderLock.of(folder)) {
      CoordinateDescent descent = new CoordinateDescent(space.sizes(), seed);
      if (search.part() == null) {
        print(space, descent.run(search.trials(), objective), folder, images);
      } else {
        objective.run(descent, search.trials(), search.part());
      }
    }
  }

  /** The settings of the options, with the values of a point in their place. */
  private Settings settings(Map<Parameter, BigDecimal> point, long seed) {
    PretrainSettings how = pretrain.settings(training().batch());
    ReadOutSettings labels =
        readOut.settings(pretrain.method(), pretrain.architecture(), training().batch());
    return new Settings(
        new PretrainSettings(
            how.method(),
            how.naive(),
            how.architecture(),
            value(point, Parameter.ZCA_EPSILON, how.zcaEpsilon()),
            how.vaeLoss(),
            (float) value(point, Parameter.ETA, how.eta()),
            (float) value(point, Parameter.TEMPERATURE, how.temperature()),
            (int) value(point, Parameter.WINNERS, how.winners()),
            (int) value(point, Parameter.EPOCHS, how.epochs()),
            (int) value(point, Parameter.BATCH, how.batch())),
        new ReadOutSettings(
            labels.readOut(),
            labels.labels(),
            (int) value(point, Parameter.FINE_TUNE_EPOCHS, labels.epochs()),
            (int) value(point, Parameter.BATCH, labels.batch()),
            labels.schedule(),
            (float) value(point, Parameter.RATE, labels.rate()),
            (float) value(point, Parameter.DECAY, labels.decay()),
            (float) value(point, Parameter.DROPOUT, labels.dropout()),
            labels.form(),
            labels.unlabelled(),
            labels.selfTraining()),
        training().validation(),
        seed);
  }

  private static double value(
      Map<Parameter, BigDecimal> point, Parameter parameter, double otherwise) {
    BigDecimal value = point.get(parameter);
    return value == null ? otherwise : value.doubleValue();
  }

  private void print(Space space, List<Trial> trials, Path folder, DataSet images) {
    SearchTable table = SearchTable.of(space, trials);
    if (compute().json()) {
      printJson(table.rows());
    } else {
      int held =
          settings(Map.of(), training().seed()).split(images.train().size()).validation().length;
      double chance = 1.0 / images.train().classes();
      out().print(table.markdown(percent -> Sample.isAboveChance(percent / 100, chance, held)));
      out().println();
      CoordinateDescent.best(trials)
          .ifPresentOrElse(
              best -> {
                out().println("best: " + Space.words(space.at(best.point()), " ", _ -> true));
                out().println("table: " + folder.resolve(SearchObjective.TABLE));
                out().println("test it: " + command(space.at(best.point())));
              },
              () -> out().println("all combinations diverged; try lower learning rates"));
    }
    out().flush();
  }

  /** The command line that tests a point, with the first seed. */
  private String command(Map<Parameter, BigDecimal> point) {
    List<String> words = new ArrayList<>(data().words());
    words.addAll(pretrain.words(null));
    words.addAll(readOut.words(pretrain.method(), pretrain.architecture(), pretrain.method()));
    words.addAll(training().words(training().seed()));
    words.addAll(compute().words());
    Map<String, List<String>> options = new LinkedHashMap<>(); // an option and its value, if any
    for (int i = 0; i < words.size(); i++) {
      boolean flag = i + 1 == words.size() || words.get(i + 1).startsWith("--");
      options.put(words.get(i), flag ? List.of() : List.of(words.get(++i)));
    }
    point.forEach(
        (parameter, value) -> options.put("--" + parameter, List.of(value.toPlainString())));
    List<String> command = new ArrayList<>(List.of("./fasthebb", "run"));
    options.forEach((name, value) -> {
      command.add(name);
      command.addAll(value);
    });
    return Text.command(command);
  }
}
