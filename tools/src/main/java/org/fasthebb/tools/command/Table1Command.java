package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.History;
import org.fasthebb.models.protocol.EpochTime;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.report.TablesPage;
import org.fasthebb.tools.tables.Paper;
import org.fasthebb.tools.tables.Table1;
import org.fasthebb.tools.tables.WorkLeft;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The paper's Table 1. */
@Command(
    name = "table1",
    description = "Duration of pre-training by method, naive and fast: the paper's Table 1.",
    footer = {
      "",
      "The number of epochs is the mean best epoch of the pre-trainings that fasthebb table2 left"
          + " in the same folder, or the paper's if there are none. tables.html shows both tables.",
      "",
      "Example:",
      "  ./fasthebb table1 --data cifar10 --data-dir DIR"
    })
public final class Table1Command extends ToolCommand {
  @Mixin private DataOptions data;
  @Mixin private TableOptions table;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description =
          "Time at most N steps of an epoch, and scale up. Default: a whole epoch or, if it has"
              + " over 10,000 steps, 50.")
  private Integer steps;

  @Option(
      names = "--naive-steps",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Time at most N steps of naive forms, which take minutes each on large images; 0 leaves"
              + " these forms out. Default: ${DEFAULT-VALUE}.")
  private int naiveSteps;

  /** An epoch of more steps takes hours, and a step the same time at its beginning and its end. */
  private static final int LONG_EPOCH = 10_000;

  private static final int STEPS_OF_LONG_EPOCH = 50;

  private Table1Command() {}

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    table.check(this, data, List.of());
    compute.check(this);
    require(steps == null || steps >= 1, "--steps is " + steps + "; it must be at least 1");
    require(naiveSteps >= 0, "--naive-steps is " + naiveSteps + "; it must be at least 0");
    try (Backend backend = compute.backend();
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      try (DataSet images = data.load(table.side())) {
        Path out = table.out(images.name(), data.unusual());
        try (FolderLock _ = FolderLock.of(out)) {
          work(backend, images, out, progress);
        }
      }
    }
    return 0;
  }

  private void work(Backend backend, DataSet images, Path folder, ConsoleProgress progress)
      throws CheckpointException {
    List<TimedForm> forms = forms();
    List<Table1.MethodRow> rows = new ArrayList<>();
    WorkLeft left = new WorkLeft();
    left.add(forms.size());
    for (TimedForm form : forms) {
      progress.message(
          left.words("row", rows.size() + 1, forms.size(), "timing " + form.inWords()));
      long start = System.nanoTime();
      rows.add(row(backend, images, folder, form));
      left.finish(1, (System.nanoTime() - start) * 1e-9);
    }
    Table1 result = new Table1(rows);
    AtomicFile.writeString(folder.resolve("table1.csv"), result.csv());
    AtomicFile.writeString(folder.resolve("table1.md"), result.markdown());
    TablesPage.add(folder, data.label(images), result);
    progress.message("As a page: " + folder.resolve(TablesPage.FILE));
    answer(compute.json(), rows, result.markdown().stripTrailing());
  }

  /** What a row is about. */
  private record TimedForm(Method method, boolean naive) {
    String inWords() {
      return naive ? method + ", naive" : method.name();
    }

    /** The paper's name. */
    String rowName() {
      return naive || !method.isHebbian() ? method.name() : method + "-fh";
    }
  }

  private List<TimedForm> forms() {
    List<TimedForm> forms = new ArrayList<>();
    for (Method method : table.methods()) {
      if (method.isHebbian() && naiveSteps > 0) {
        forms.add(new TimedForm(method, true));
      }
      if (method.isPretrained()) {
        forms.add(new TimedForm(method, false));
      }
    }
    return forms;
  }

  private Table1.MethodRow row(Backend backend, DataSet images, Path folder, TimedForm form)
      throws CheckpointException {
    Settings fast =
        table.settings(
            images.name(), form.method, Percent.of(1), form.method.readOut(), 0, null, 0);
    Settings settings = form.naive ? fast.inNaiveForm() : fast;
    EpochTime time = EpochTime.measure(backend, images, settings, mostSteps(images, settings));
    OptionalDouble ours = bestEpoch(folder, form.method);
    String label = data.label(images);
    double epochs = ours.orElse(Paper.epochs(label, form.rowName()).orElse(1.0));
    return new Table1.MethodRow(
        label,
        form.rowName(),
        time.seconds(),
        time.steps(),
        time.stepsOfEpoch(),
        epochs,
        ours.isPresent());
  }

  /** The most steps to time. */
  private int mostSteps(DataSet images, Settings settings) {
    if (settings.pretrain().naive()) {
      return naiveSteps;
    }
    int training = settings.split(images.train().size()).train().length;
    boolean isLong = training / settings.pretrain().batch() > LONG_EPOCH;
    return steps != null ? steps : isLong ? STEPS_OF_LONG_EPOCH : Integer.MAX_VALUE;
  }

  /** The mean best epoch of the pre-trainings in a folder. */
  private static OptionalDouble bestEpoch(Path folder, Method method) throws CheckpointException {
    List<Integer> best = new ArrayList<>();
    for (long seed = 0; ; seed++) {
      Path history =
          TableOptions.pretraining(folder, method.name(), seed).resolve("pretrained.json");
      if (!Files.exists(history)) {
        return best.stream().mapToInt(b -> b).average();
      }
      best.add(Json.read(history, History.class).bestEpoch());
    }
  }
}
