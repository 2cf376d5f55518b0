package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.models.data.Cifar10;
import org.fasthebb.models.data.Cifar100;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.data.Subset;
import org.fasthebb.models.data.TinyImageNet;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.imagenet.ImageNet;
import org.fasthebb.models.network.Architecture;
import org.fasthebb.models.pack.Pack;
import org.fasthebb.models.pack.PackHeader;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options: which data set to use. */
public final class DataOptions {
  /** Kinds of data sets. */
  public enum DataKind {
    SHAPES,
    CIFAR10,
    CIFAR100,
    TINY_IMAGENET,
    FOLDER,
    UNLABELLED,
    IMAGENET,
    PACK;

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  /** The commands that need neither labels nor test images. */
  private static final Set<String> WITHOUT_LABELS = Set.of("pretrain", "pack");

  /** The kinds whose images can have any side. */
  private static final Set<DataKind> OF_ANY_SIDE =
      Set.of(
          DataKind.TINY_IMAGENET,
          DataKind.FOLDER,
          DataKind.UNLABELLED,
          DataKind.IMAGENET,
          DataKind.PACK);

  @Option(
      names = "--data",
      paramLabel = "KIND",
      defaultValue = "shapes",
      description =
          "Data set: shapes (generated, no download), cifar10 or cifar100 (the binary versions),"
              + " tiny-imagenet, folder (train/CLASS/FILE and test/CLASS/FILE), unlabelled (all"
              + " images in a folder and those below it, for pretrain), imagenet (the official"
              + " archives, read without unpacking them, Kaggle's folder ILSVRC, or train/WNID and"
              + " val/WNID), or pack (a file that 'data pack' wrote). Default: ${DEFAULT-VALUE}.")
  private DataKind kind;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder of the data set, or its parent, or the file of a pack; not for shapes.")
  private Path dir;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description =
          "Number of training images to generate; for shapes only. Default: "
              + Defaults.SHAPES_TRAIN
              + ".")
  private Integer trainImages;

  @Option(
      names = "--test-images",
      paramLabel = "N",
      description =
          "Number of test images to generate; for shapes only. Default: "
              + Defaults.SHAPES_TEST
              + ".")
  private Integer testImages;

  @Option(
      names = "--side",
      paramLabel = "N",
      description =
          "Height and width that images are resized to; for tiny-imagenet, folder, unlabelled and"
              + " imagenet. Images of a pack have one side already, to which this fits the network."
              + " Default: the side of the network.")
  private Integer side;

  @Option(
      names = "--classes",
      paramLabel = "N",
      description =
          "Use only the first N classes, in the order of their labels, of training and test images."
              + " Default: all.")
  private Integer classes;

  @Option(
      names = "--per-class",
      paramLabel = "N",
      description =
          "Use only N training images of each class, the same in every run whatever --seed is;"
              + " those of a smaller N are among those of a larger one. Default: all.")
  private Integer perClass;

  @Option(
      names = "--orientation",
      paramLabel = "WORD",
      description =
          "For folder and unlabelled: upright turns photos as their cameras noted (EXIF), which is"
              + " how every viewer shows them; stored leaves their pixels as they lie in the file,"
              + " as Pillow and torchvision do. Other data sets are read as stored. Default:"
              + " upright.")
  private Orientation orientation;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private DataOptions() {}

  /** Whether the images are a user's own photos in folders of classes. */
  public boolean isFolder() {
    return kind == DataKind.FOLDER;
  }

  public void check(ToolCommand command) {
    boolean files = kind != DataKind.SHAPES;
    boolean isFolder = kind == DataKind.FOLDER || kind == DataKind.UNLABELLED;
    command.require(
        !files || dir != null,
        "--data " + Text.name(kind) + " needs --data-dir, the folder of the data set");
    command.require(
        files || dir == null,
        "--data-dir does not go with --data shapes, which are drawn, not read");
    command.require(
        orientation == null || isFolder,
        "--orientation goes with --data folder and unlabelled only; other images are read as they"
            + " are stored");
    command.require(
        kind != DataKind.UNLABELLED || WITHOUT_LABELS.contains(this.command.name()),
        "--data unlabelled has no labels and no test images, so it goes with pretrain only; then"
            + " give finetune images with labels");
    command.require(
        side == null || OF_ANY_SIDE.contains(kind),
        "--side goes with --data tiny-imagenet, folder, unlabelled, imagenet and pack only; other"
            + " images have one side");
    checkCount(command, "--train-images", trainImages);
    checkCount(command, "--test-images", testImages);
    command.require(
        classes == null || classes >= 2, "--classes is " + classes + "; it must be at least 2");
    command.require(
        perClass == null || perClass >= 1,
        "--per-class is " + perClass + "; it must be at least 1");
  }

  private void checkCount(ToolCommand command, String name, Integer count) {
    command.require(
        count == null || kind == DataKind.SHAPES,
        name + " goes with --data shapes only; --per-class takes a part of any data set");
    command.require(count == null || count >= 1, name + " is " + count + "; it must be at least 1");
  }

  private int trainImages() {
    return trainImages == null ? Defaults.SHAPES_TRAIN : trainImages;
  }

  private int testImages() {
    return testImages == null ? Defaults.SHAPES_TEST : testImages;
  }

  /**
   * Reads or generates the images; says on standard error if files are left out.
   *
   * @param usualSide height and width that images are resized to, unless an option says so
   */
  public DataSet load(int usualSide) {
    DataSet all = loadAll(side == null ? usualSide : side);
    return classes == null && perClass == null ? all : Subset.of(all, classes, perClass);
  }

  private DataSet loadAll(int side) {
    return switch (kind) {
      case SHAPES -> Shapes.generate(trainImages(), testImages(), Defaults.SHAPES_SEED);
      case CIFAR10 -> Cifar10.read(dir);
      case CIFAR100 -> Cifar100.read(dir);
      case TINY_IMAGENET -> TinyImageNet.read(dir, side, this::note);
      case FOLDER -> ImageFolder.read(dir, side, upright(), this::note);
      case UNLABELLED -> ImageFolder.readUnlabelled(dir, side, upright(), this::note);
      case IMAGENET -> ImageNet.read(dir, side, this::note);
      case PACK -> pack(side);
    };
  }

  private Orientation upright() {
    return orientation == null ? Orientation.UPRIGHT : orientation;
  }

  private DataSet pack(int side) {
    if (PackHeader.read(dir).lossy()) {
      say(
          "the images in "
              + dir
              + " are stored as JPEG, which is lossy: results differ from those of the originals.");
    }
    return Pack.open(dir, side);
  }

  /** Names the folder, which holds folders of images unless {@code --data} is given. */
  public void setFolder(Path folder, ToolCommand command) {
    command.require(dir == null, "DIR and --data-dir mean the same; give one of them");
    dir = folder;
    if (!command.isGiven("--data")) {
      kind = DataKind.FOLDER;
    }
  }

  /**
   * The paper's network for this data set: the one of the same name, or else the small one. For a
   * pack, it is that of the data set that was packed, if the images have its size or --side fits it
   * to them.
   *
   * @throws org.fasthebb.models.data.DataException if the data set is a pack that cannot be read
   */
  Architecture architecture() {
    if (kind != DataKind.PACK) {
      return Architecture.named(kind.toString()).orElse(Architecture.small());
    }
    PackHeader header = PackHeader.read(dir);
    return Architecture.named(header.name())
        .filter(network -> side != null || header.isOfSide(network.side()))
        .orElse(Architecture.small());
  }

  /** The name of the data and, if that is a part or has another side, which part or side. */
  public String label(DataSet images) {
    return Stream.concat(Stream.of(images.name()), part().stream())
        .collect(Collectors.joining(" "));
  }

  /** The options for images that are not the defaults, as words such as train-images=500. */
  public List<String> unusual() {
    List<String> words = new ArrayList<>();
    if (orientation == Orientation.STORED) {
      words.add("orientation=stored");
    }
    words.addAll(part());
    if (trainImages() != Defaults.SHAPES_TRAIN) {
      words.add("train-images=" + trainImages);
    }
    if (testImages() != Defaults.SHAPES_TEST) {
      words.add("test-images=" + testImages);
    }
    return words;
  }

  /** The options that take a part of the images or another side, as words. */
  private List<String> part() {
    List<String> words = new ArrayList<>();
    addWord(words, "side", side);
    addWord(words, "classes", classes);
    addWord(words, "per-class", perClass);
    return words;
  }

  private static void addWord(List<String> words, String name, Integer value) {
    if (value != null) {
      words.add(name + "=" + value);
    }
  }

  private void note(String sentence) {
    say(sentence + " 'fasthebb data check' lists them.");
  }

  private void say(String sentence) {
    command.commandLine().getErr().println("note: " + sentence);
    command.commandLine().getErr().flush();
  }

  /** These options as words of a command line. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of("--data", Text.name(kind)));
    if (dir != null) {
      words.addAll(List.of("--data-dir", dir.toString()));
    }
    if (orientation != null) {
      words.addAll(List.of("--orientation", Text.name(orientation)));
    }
    addOption(words, "--side", side);
    addOption(words, "--classes", classes);
    addOption(words, "--per-class", perClass);
    addOption(words, "--train-images", trainImages);
    addOption(words, "--test-images", testImages);
    return words;
  }

  private static void addOption(List<String> words, String name, Integer value) {
    if (value != null) {
      words.addAll(List.of(name, value.toString()));
    }
  }
}
