package org.fasthebb.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.io.AtomicFile;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.FolderLock;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;
import org.fasthebb.models.learn.Accuracy;
import org.fasthebb.models.protocol.Experiment;
import org.fasthebb.models.protocol.Method;
import org.fasthebb.models.protocol.ReadOut;
import org.fasthebb.models.protocol.Settings;
import org.fasthebb.tools.console.ConsoleProgress;
import org.fasthebb.tools.console.Terminal;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.ComputeOptions;
import org.fasthebb.tools.option.DataOptions;
import org.fasthebb.tools.option.Parameter;
import org.fasthebb.tools.option.Percent;
import org.fasthebb.tools.option.ProtocolOptions;
import org.fasthebb.tools.option.SaveOption;
import org.fasthebb.tools.option.TableOptions;
import org.fasthebb.tools.option.WorkPart;
import org.fasthebb.tools.report.TablesPage;
import org.fasthebb.tools.tables.Cell;
import org.fasthebb.tools.tables.Done;
import org.fasthebb.tools.tables.Table2;
import org.fasthebb.tools.tables.Table2Text;
import org.fasthebb.tools.tables.WorkLeft;
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
          + " table2.csv, table2.md and tables.html are updated after each cell. Read-outs of a"
          + " network that stays as it is share its features, whose file is removed when the last"
          + " of them is done.",
      "",
      "Examples:",
      "  ./fasthebb table2 --data cifar10 --data-dir DIR --regimes 1,5,10 --seeds 3",
      "  ./fasthebb table2 --data cifar10 --data-dir DIR --regimes 1 --seeds 5 --protocol best"
    })
public final class Table2Command extends ToolCommand {
  private static final String CELL = "cell.json";

  /** The part of a read-out's work that is not the shared features. */
  private static final double OWN_WORK = 0.02;

  @Mixin private DataOptions data;
  @Mixin private TableOptions table;
  @Mixin private ProtocolOptions protocol;
  @Mixin private SaveOption save;
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

  @Option(
      names = "--part",
      paramLabel = "I/N",
      defaultValue = WorkPart.WHOLE,
      converter = WorkPart.WorkPartConverter.class,
      description =
          "Compute only the I-th of N parts, from 0/N to N-1/N, each on a machine of its own. A"
              + " network, which is a method and a seed, is in one part. With the results of all"
              + " parts in one folder, the command without this option writes the table. Default:"
              + " all.")
  private WorkPart part;

  private long start;

  private Table2Command() {}

  @Override
  public Integer call() throws CheckpointException {
    data.check(this);
    table.check(this, data, protocol.protocol().methods());
    protocol.check(this, table.methods());
    save.check(this);
    compute.check(this);
    require(
        regimes.stream().allMatch(regime -> regime.percent() > 0),
        "--regimes has 0%; every regime must be over 0%");
    require(seeds >= 1, "--seeds is " + seeds + "; it must be at least 1");
    Parameter.FINE_TUNE_EPOCHS.check(this, fineTuneEpochs);
    // Written so that NaN fails too.
    require(budget == null || budget >= 0, "--budget is " + budget + "; it must be at least 0");
    long networks = (long) seeds * table.methods().size();
    if (part.number() >= networks) {
      err().println("the table has " + networks + " networks, none of them in this part");
      return 0;
    }
    start = System.nanoTime();
    try (Backend backend = compute.backend();
        ConsoleProgress progress =
            new ConsoleProgress(err(), Terminal.isLive(), System::nanoTime)) {
      try (DataSet images = data.load(table.side())) {
        List<String> unusual = new ArrayList<>(data.unusual());
        unusual.addAll(protocol.unusual());
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
    List<CellJob> jobs = jobs(backend, images, folder);
    WorkLeft left = new WorkLeft();
    for (CellJob job : jobs) {
      left.add(job.work);
    }
    List<Cell> cells = new ArrayList<>();
    int number = 0;
    int missing = 0;
    for (CellJob job : jobs) {
      number++;
      Cell cell = job.found;
      if (cell == null && !isOutOfTime()) {
        progress.message(left.words("cell", number, jobs.size(), job.inWords()));
        long began = System.nanoTime();
        cell = run(backend, images, job, progress);
        left.finish(job.work, (System.nanoTime() - began) * 1e-9);
        cells.add(cell);
        write(folder, tableOf(images, cells));
      } else if (cell != null) {
        cells.add(cell); // written with the next one, or at the end
      } else {
        missing++;
      }
      if (cell != null) {
        // The model takes tens of megabytes and is not needed. A killed run may have left it.
        AtomicFile.remove(job.place.resolve(Experiment.MODEL));
        if (job.isLast) {
          Experiment.removeFeatures(job.pretraining);
        }
      }
    }
    if (missing > 0) {
      progress.message(
          "out of time with %s of %s cells missing; run the same command again to continue"
              .formatted(missing, jobs.size()));
    }
    Table2 result = tableOf(images, cells);
    if (!cells.isEmpty()) {
      write(folder, result);
      progress.message("As a page: " + folder.resolve(TablesPage.FILE));
    }
    print(result);
  }

  private boolean isOutOfTime() {
    return budget != null && (System.nanoTime() - start) / 60e9 >= budget;
  }

  /**
   * A cell to compute, unless it was found.
   *
   * @param pretraining folder of its pre-training
   * @param place folder of its fine-tuning
   * @param identity of the settings and data
   * @param found the result of an earlier call, or null
   * @param work to do, as {@link WorkLeft} counts it
   * @param isLast whether no later cell is of the same network
   */
  private record CellJob(
      Settings settings,
      Percent regime,
      Path pretraining,
      Path place,
      String identity,
      Cell found,
      double work,
      boolean isLast) {
    Method method() {
      return settings.pretrain().method();
    }

    String inWords() {
      String set = settings.labelSet() == 0 ? "" : ", set " + settings.labelSet();
      return method() + ", seed " + settings.seed() + ", " + regime + " labels" + set;
    }
  }

  /** All cells in the order of work. Refuses a folder with cells of other settings. */
  private List<CellJob> jobs(Backend backend, DataSet images, Path folder)
      throws CheckpointException {
    String dataIdentity = images.name() + "/" + images.fingerprint();
    int size = images.train().size();
    List<CellJob> jobs = new ArrayList<>();
    int networks = 0;
    for (long seed = 0; seed < seeds; seed++) {
      for (Method method : table.methods()) {
        if (!part.has(networks++)) {
          continue;
        }
        Path pretraining = TableOptions.pretraining(folder, method.name(), seed);
        boolean pretrained = Files.exists(pretraining.resolve(Experiment.PRETRAINED));
        double shared = 0; // the work of features that are computed by then
        for (Iterator<LabelSet> sets = labelSets().iterator(); sets.hasNext(); ) {
          LabelSet set = sets.next();
          Settings settings = settings(images.name(), method, set, seed);
          Path place = TableOptions.fineTuning(pretraining, set.regime.digits(), set.number);
          String identity = Identity.of(settings.identity(dataIdentity), backend.kernels());
          Cell found = Done.find(place.resolve(CELL), Cell.class, Cell::identity, identity);
          double work = 0;
          if (found == null) {
            double all = WorkLeft.ofReadOut(settings, size, images.test().size());
            work = Math.max(all - shared, all * OWN_WORK);
            shared = isFixed(settings) ? Math.max(shared, all) : 0;
            work += pretrained ? 0 : WorkLeft.ofPretraining(settings, size);
            pretrained = true;
          }
          boolean last = !sets.hasNext();
          jobs.add(
              new CellJob(settings, set.regime, pretraining, place, identity, found, work, last));
        }
      }
    }
    return jobs;
  }

  /** A set of labels: its number of images, and which of the sets of this size it is. */
  private record LabelSet(Percent regime, int number) {}

  private List<LabelSet> labelSets() {
    List<LabelSet> all = new ArrayList<>();
    for (Percent regime : regimes) {
      for (int i = 0; i < Table2.labelSets(regime.digits(), protocol.labelSets()); i++) {
        all.add(new LabelSet(regime, i));
      }
    }
    return all;
  }

  private Settings settings(String name, Method method, LabelSet set, long seed) {
    ReadOut kind = protocol.readOut(method);
    int rounds = kind == ReadOut.RIDGE ? protocol.selfTraining() : 0;
    return table
        .settings(name, method, set.regime, kind, rounds, fineTuneEpochs, seed)
        .withLabelSet(set.number);
  }

  /** Whether the network stays as it is, so that its read-outs share its features. */
  private static boolean isFixed(Settings settings) {
    return settings.readOut().readOut() != ReadOut.FINE_TUNE;
  }

  private Cell run(Backend backend, DataSet images, CellJob job, ConsoleProgress progress)
      throws CheckpointException {
    Settings settings = job.settings;
    Experiment pretrain = new Experiment(backend, images, settings, job.pretraining, progress);
    Experiment fineTune = new Experiment(backend, images, settings, job.place, progress);
    pretrain.setPace(save.pace());
    fineTune.setPace(save.pace());
    if (isFixed(settings)) {
      fineTune.shareFeatures(job.pretraining);
    }
    fineTune.requireReadOut();
    Experiment.Phase first = pretrain.pretrain();
    Experiment.Phase second = fineTune.readOut(first.model());
    Accuracy accuracy = fineTune.test(second.model());
    Cell cell =
        new Cell(
            job.identity,
            job.method().name(),
            job.regime.digits(),
            settings.seed(),
            accuracy.reported(images.train().classes()),
            accuracy.top1(),
            second.history().accuracy(),
            first.history().bestEpoch(),
            settings.labelSet());
    Json.write(job.place.resolve(CELL), cell);
    progress.saved();
    return cell;
  }

  /** The table of the cells, in the order of the regimes and methods in the options. */
  private Table2 tableOf(DataSet images, List<Cell> cells) {
    return Table2.of(
        data.label(images),
        images.train().classes(),
        cells,
        regimes.stream().map(Percent::digits).distinct().toList(),
        table.methods().stream().map(Method::name).distinct().toList(),
        seeds,
        protocol.labelSets(),
        protocol.protocol());
  }

  private static void write(Path folder, Table2 table) throws CheckpointException {
    AtomicFile.writeString(folder.resolve("table2.csv"), table.csv());
    AtomicFile.writeString(folder.resolve("table2.md"), new Table2Text(table).markdown());
    TablesPage.add(folder, table.data(), table);
  }

  private void print(Table2 result) {
    if (compute.json()) {
      printJson(result.rows());
    } else {
      out().print(new Table2Text(result).markdown());
    }
    out().flush();
  }
}
