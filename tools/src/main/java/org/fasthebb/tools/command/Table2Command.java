package org.fasthebb.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.report.TablesPage;
import org.fasthebb.tools.tables.Cell;
import org.fasthebb.tools.tables.Done;
import org.fasthebb.tools.tables.Table2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The paper's Table 2. Each finished cell is a file; only missing cells are computed. */
@Command(
    name = "table2",
    description = "Test accuracy by number of labels and method: the paper's Table 2.",
    footer = {
      "",
      "For each seed, every method is pre-trained once and fine-tuned for every regime. The files"
          + " table2.csv, table2.md and tables.html are updated after each cell."
    })
public final class Table2Command extends ToolCommand {
  private static final String CELL = "cell.json";

  @Mixin private DataOptions data;
  @Mixin private TableOptions table;
  @Mixin private ComputeOptions compute;

  @Option(
      names = "--regimes",
      paramLabel = "PERCENT",
      split = ",",
      defaultValue = "1,2,3,4,5,10,25,100",
      description = "Percent of the training images that have labels. Default: ${DEFAULT-VALUE}.")
  private List<Percent> regimes;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Number of seeds: 0 to N-1 are used. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--fine-tune-epochs",
      paramLabel = "N",
      description =
          "Epochs of learning the labels. Default: 20, or 50 for the linear read-out of softhebb.")
  private Integer fineTuneEpochs;

  @Option(
      names = "--budget",
      paramLabel = "MINUTES",
      description = "Start no new work after this many minutes. Default: no limit.")
  private Double budget;

  private long start;

  private Table2Command() {}

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    table.check(this);
    compute.check(this);
    require(
        regimes.stream().allMatch(regime -> regime.percent() > 0),
        "--regimes has 0%; every regime must be over 0%");
    require(seeds >= 1, "--seeds is " + seeds + "; it must be at least 1");
    Parameter.FINE_TUNE_EPOCHS.check(this, fineTuneEpochs);
    // Written so that NaN fails too.
    require(budget == null || budget >= 0, "--budget is " + budget + "; it must be at least 0");
    start = System.nanoTime();
    try (Backend backend = compute.backend();
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      try (DataSet images = data.load(table.side())) {
        List<String> unusual = new ArrayList<>(data.unusual());
        if (fineTuneEpochs != null) {
          unusual.add("fine-tune-epochs=" + fineTuneEpochs);
        }
        Path out = table.out(images.name(), unusual);
        try (FolderLock _ = FolderLock.of(out)) {
          work(backend, images, out, progress);
        }
      }
    }
    return 0;
  }

  private void work(Backend backend, DataSet images, Path folder, ConsoleProgress progress)
      throws CheckpointException {
    List<Cell> cells = new ArrayList<>();
    boolean complete = true;
    for (long seed = 0; seed < seeds; seed++) {
      for (Method method : table.methods()) {
        complete &= cells(backend, images, folder, method, seed, progress, cells);
      }
    }
    if (!complete) {
      progress.message("out of time; run the same command again to continue");
    }
    Table2 result = tableOf(images, cells);
    if (!cells.isEmpty()) {
      write(folder, result);
    }
    print(result);
  }

  /** Adds the cells of one pre-training; returns false if time ran out before the last one. */
  private boolean cells(
      Backend backend,
      DataSet images,
      Path folder,
      Method method,
      long seed,
      ConsoleProgress progress,
      List<Cell> cells)
      throws CheckpointException {
    for (Percent regime : regimes) {
      Settings settings = table.settings(method, regime, fineTuneEpochs, seed);
      Path pretraining = TableOptions.pretraining(folder, method.name(), seed);
      Path place = TableOptions.fineTuning(pretraining, regime.digits());
      String dataIdentity = images.name() + "/" + images.fingerprint();
      String identity = Identity.of(settings.identity(dataIdentity), backend.kernels());
      Cell cell = Done.find(place.resolve(CELL), Cell.class, Cell::identity, identity);
      if (cell == null) {
        if (budget != null && (System.nanoTime() - start) / 60e9 >= budget) {
          return false;
        }
        progress.message(method + ", seed " + seed + ", " + regime + " labels");
        Experiment pretrain = new Experiment(backend, images, settings, pretraining, progress);
        Experiment fineTune = new Experiment(backend, images, settings, place, progress);
        fineTune.requireReadOut();
        Experiment.Phase first = pretrain.pretrain();
        Experiment.Phase second = fineTune.readOut(first.model());
        double accuracy = fineTune.test(second.model(), Table2.guesses(images.train().classes()));
        cell =
            new Cell(
                identity,
                method.name(),
                regime.digits(),
                seed,
                accuracy,
                second.history().accuracy(),
                first.history().bestEpoch());
        Json.write(place.resolve(CELL), cell);
        cells.add(cell);
        write(folder, tableOf(images, cells));
      } else {
        cells.add(cell); // written with the next one, or at the end
      }
      // The model takes tens of megabytes and is not needed. A killed run may have left it.
      AtomicFile.remove(place.resolve(Experiment.MODEL));
    }
    return true;
  }

  /** The table of the cells, in the order of the regimes and methods in the options. */
  private Table2 tableOf(DataSet images, List<Cell> cells) {
    List<String> order = regimes.stream().map(Percent::digits).toList();
    List<String> methods = table.methods().stream().map(Method::name).toList();
    Comparator<Cell> inOrder =
        Comparator.comparingInt((Cell cell) -> order.indexOf(cell.regime()))
            .thenComparingInt(cell -> methods.indexOf(cell.method()))
            .thenComparingLong(Cell::seed);
    return Table2.of(
        images.name(), images.train().classes(), cells.stream().sorted(inOrder).toList());
  }

  private static void write(Path folder, Table2 table) throws CheckpointException {
    AtomicFile.writeString(folder.resolve("table2.csv"), table.csv());
    AtomicFile.writeString(folder.resolve("table2.md"), table.markdown());
    TablesPage.add(folder, table.data(), table);
  }

  private void print(Table2 result) {
    if (compute.json()) {
      printJson(result.rows());
    } else {
      out().print(result.markdown());
    }
    out().flush();
  }
}
