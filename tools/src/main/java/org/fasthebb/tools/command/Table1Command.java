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
import org.fasthebb.models.protocol.PretrainSettings;
import org.fasthebb.models.protocol.ReadOutSettings;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.report.TablesPage;
import org.fasthebb.tools.tables.Paper;
import org.fasthebb.tools.tables.Table1;
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
          + " in the same folder, or the paper's if there are none. tables.html shows both tables."
    })
public final class Table1Command extends ToolCommand {
  @Mixin private DataOptions data;
  @Mixin private TableOptions table;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Time at most N steps of an epoch, and scale up. Default: a whole epoch.")
  private int steps;

  @Option(
      names = "--naive-steps",
      paramLabel = "N",
      defaultValue = "3",
      description = "Time at most N steps of naive forms. Default: ${DEFAULT-VALUE}.")
  private int naiveSteps;

  private Table1Command() {}

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    table.check(this);
    compute.check(this);
    require(steps >= 1, "--steps is " + steps + "; it must be at least 1");
    require(naiveSteps >= 1, "--naive-steps is " + naiveSteps + "; it must be at least 1");
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
    List<Table1.MethodRow> rows = new ArrayList<>();
    for (Method method : table.methods()) {
      if (method.isHebbian()) {
        progress.message("timing " + method + ", naive");
        rows.add(row(backend, images, folder, method, true));
      }
      if (method.isPretrained()) {
        progress.message("timing " + method);
        rows.add(row(backend, images, folder, method, false));
      }
    }
    Table1 result = new Table1(rows);
    AtomicFile.writeString(folder.resolve("table1.csv"), result.csv());
    AtomicFile.writeString(folder.resolve("table1.md"), result.markdown());
    TablesPage.add(folder, images.name(), result);
    answer(compute.json(), rows, result.markdown().stripTrailing());
  }

  private Table1.MethodRow row(
      Backend backend, DataSet images, Path folder, Method method, boolean naive)
      throws CheckpointException {
    PretrainSettings fast = table.pretraining(method);
    ReadOutSettings unused = ReadOutSettings.of(method.readOut(), 1, fast.architecture());
    Settings settings = new Settings(naive ? fast.inNaiveForm() : fast, unused, 0);
    EpochTime time = EpochTime.measure(backend, images, settings, naive ? naiveSteps : steps);
    String name = naive || !method.isHebbian() ? method.name() : method + "-fh";
    OptionalDouble ours = bestEpoch(folder, method);
    double epochs = ours.orElse(Paper.epochs(images.name(), name).orElse(1.0));
    return new Table1.MethodRow(
        images.name(),
        name,
        time.seconds(),
        time.steps(),
        time.stepsOfEpoch(),
        epochs,
        ours.isPresent());
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
