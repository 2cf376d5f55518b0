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
import org.fasthebb.models.io.Json;
import org.fasthebb.models.protocol.Hyperparameters;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.FineTuneOptions;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.PretrainOptions;
import org.fasthebb.tools.option.SearchOptions;
import org.fasthebb.tools.search.CoordinateDescent;
import org.fasthebb.tools.search.CoordinateDescent.Trial;
import org.fasthebb.tools.search.SearchObjective;
import org.fasthebb.tools.search.SearchTable;
import org.fasthebb.tools.search.Space;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Search for hyper-parameters, as in the paper's section 4.3. */
@Command(
    name = "search",
    description = "Search for the hyper-parameters with the highest validation accuracy.",
    footer = {
      "",
      "Coordinate descent: from a random combination, each parameter in turn goes to a better",
      "neighbour in its list, whose ends are neighbours too; when no parameter leads higher, the",
      "search begins again elsewhere. The test images are never looked at. After each combination",
      "search.csv holds what there is so far; with more --trials, the search goes on. For example:",
      "",
      "  fasthebb search --rule hpca --space rate=3e-4,1e-3,3e-3 dropout=0,0.25,0.5 --trials 9"
    })
public final class SearchCommand extends TrainingCommand {
  @Mixin private PretrainOptions pretrain;
  @Mixin private FineTuneOptions fineTune;
  @Mixin private SearchOptions search;

  private SearchCommand() {}

  @Override
  void check() {
    pretrain.check(this);
    fineTune.check(this);
    search.check(this, pretrain.rule());
  }

  @Override
  void work(Backend backend, DataSet images, ConsoleProgress progress) throws CheckpointException {
    long seed = training().seed();
    Space space = search.space();
    SearchObjective objective =
        new SearchObjective(
            backend,
            images,
            space,
            this::settings,
            LongStream.range(seed, seed + search.seeds()).boxed().toList(),
            training().out(Text.format("search-%s-%s", images.name(), pretrain.rule())),
            progress,
            new ArrayList<>());
    List<Trial> trials = new CoordinateDescent(space.sizes(), seed).run(search.trials(), objective);
    print(space, trials, objective.folder());
  }

  /** Those of the options, but for what a point has. */
  private Settings settings(Map<Parameter, BigDecimal> point, long seed) {
    Hyperparameters others = fineTune.over(pretrain.over(Hyperparameters.AUTHORS));
    return new Settings(
        pretrain.rule(),
        pretrain.naive(),
        value(point, Parameter.ZCA_EPSILON, pretrain.zcaEpsilon()),
        pretrain.vaeLoss(),
        fineTune.labels().fraction(),
        (int) value(point, Parameter.EPOCHS, pretrain.epochs()),
        (int) value(point, Parameter.FINE_TUNE_EPOCHS, fineTune.epochs()),
        (int) value(point, Parameter.BATCH, training().batch()),
        fineTune.schedule(),
        new Hyperparameters(
            (float) value(point, Parameter.ETA, others.eta()),
            (float) value(point, Parameter.TEMPERATURE, others.temperature()),
            (float) value(point, Parameter.RATE, others.rate()),
            (float) value(point, Parameter.DECAY, others.decay()),
            (float) value(point, Parameter.DROPOUT, others.dropout())),
        seed);
  }

  private static double value(
      Map<Parameter, BigDecimal> point, Parameter parameter, double otherwise) {
    BigDecimal value = point.get(parameter);
    return value == null ? otherwise : value.doubleValue();
  }

  private void print(Space space, List<Trial> trials, Path folder) {
    SearchTable table = SearchTable.of(space, trials);
    if (compute().json()) {
      out().println(Json.line(table.rows()));
    } else {
      out().print(table.markdown());
      out().println();
      CoordinateDescent.best(trials)
          .ifPresentOrElse(
              best -> {
                out().println("best: " + Space.words(space.at(best.point()), " ", _ -> true));
                out().println("table: " + folder.resolve(SearchObjective.TABLE));
                out().println("test it: " + command(space.at(best.point())));
              },
              () -> out().println("all diverged; try lower rates"));
    }
    out().flush();
  }

  /** The command that tests a point, with the first seed. */
  private String command(Map<Parameter, BigDecimal> point) {
    List<String> words = new ArrayList<>(data().words());
    words.addAll(pretrain.words(null));
    words.addAll(fineTune.words());
    words.addAll(training().words(training().seed()));
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      options.put(words.get(i), words.get(i + 1));
    }
    point.forEach((parameter, value) -> options.put("--" + parameter, value.toPlainString()));
    List<String> command = new ArrayList<>(List.of("./fasthebb", "run"));
    options.forEach((name, value) -> command.addAll(List.of(name, value)));
    return Text.command(command);
  }
}
