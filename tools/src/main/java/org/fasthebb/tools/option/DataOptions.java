package org.fasthebb.tools.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fasthebb.models.data.Cifar10;
import org.fasthebb.models.data.Cifar100;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.ImageFolder;
import org.fasthebb.models.data.Shapes;
import org.fasthebb.models.data.TinyImageNet;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.network.Architecture;
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
    FOLDER;

    /** The name on the command line, which a shell completes. */
    @Override
    public String toString() {
      return Text.name(this);
    }
  }

  @Option(
      names = "--data",
      paramLabel = "KIND",
      defaultValue = "shapes",
      description =
          "Data set: shapes (generated, no download), cifar10 or cifar100 (the binary versions),"
              + " tiny-imagenet, or folder (train/CLASS/FILE and test/CLASS/FILE). Default:"
              + " ${DEFAULT-VALUE}.")
  private DataKind kind;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Folder of the data set, or its parent; not for shapes.")
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
      names = "--orientation",
      paramLabel = "WORD",
      description =
          "For folder only: upright turns photos as their cameras noted (EXIF), which is how every"
              + " viewer shows them; stored leaves their pixels as they lie in the file, as Pillow"
              + " and torchvision do. Other data sets are read as stored. Default: upright.")
  private Orientation orientation;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private DataOptions() {}

  public void check(ToolCommand command) {
    boolean files = kind != DataKind.SHAPES;
    command.require(
        !files || dir != null,
        "--data " + Text.name(kind) + " needs --data-dir, the folder of the data set");
    command.require(
        files || dir == null,
        "--data-dir does not go with --data shapes, which are drawn, not read");
    command.require(
        orientation == null || kind == DataKind.FOLDER,
        "--orientation goes with --data folder only; other images are read as they are stored");
    checkCount(command, "--train-images", trainImages);
    checkCount(command, "--test-images", testImages);
  }

  private void checkCount(ToolCommand command, String name, Integer count) {
    command.require(
        count == null || kind == DataKind.SHAPES,
        name + " goes with --data shapes only; of other data sets all images are used");
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
   * @param side height and width that images are resized to
   */
  public DataSet load(int side) {
    return switch (kind) {
      case SHAPES -> Shapes.generate(trainImages(), testImages(), Defaults.SHAPES_SEED);
      case CIFAR10 -> Cifar10.read(dir);
      case CIFAR100 -> Cifar100.read(dir);
      case TINY_IMAGENET -> TinyImageNet.read(dir, side, this::note);
      case FOLDER ->
          ImageFolder.read(
              dir, side, orientation == null ? Orientation.UPRIGHT : orientation, this::note);
    };
  }

  /** The paper's network for this data set: the one of the same name, or else the small one. */
  Architecture architecture() {
    return Architecture.named(kind.toString()).orElse(Architecture.small());
  }

  /** The name of the data and, if that is a part or has another side, which part or side. */
  public String label(DataSet images) {
    Stream<String> part =
        unusual().stream().filter(word -> word.matches("(side|classes|per-class)=.*"));
    return Stream.concat(Stream.of(images.name()), part).collect(Collectors.joining(" "));
  }

  /** The options for images that are not the defaults, as words such as train-images=500. */
  public List<String> unusual() {
    List<String> words = new ArrayList<>();
    if (orientation == Orientation.STORED) {
      words.add("orientation=stored");
    }
    if (trainImages() != Defaults.SHAPES_TRAIN) {
      words.add("train-images=" + trainImages);
    }
    if (testImages() != Defaults.SHAPES_TEST) {
      words.add("test-images=" + testImages);
    }
    return words;
  }

  private void note(String sentence) {
    command
        .commandLine()
        .getErr()
        .println("note: " + sentence + " 'fasthebb data check' lists them.");
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
    if (trainImages != null) {
      words.addAll(List.of("--train-images", trainImages.toString()));
    }
    if (testImages != null) {
      words.addAll(List.of("--test-images", testImages.toString()));
    }
    return words;
  }
}
