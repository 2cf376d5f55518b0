package org.fasthebb.tools.photos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.readout.FeatureForm;
import org.fasthebb.models.use.Model;
import org.fasthebb.models.use.Photos;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.option.LayerOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the features of photos to a file, for other programs. */
@Command(
    name = "embed",
    footer = {
      "",
      "Examples:",
      "  ./fasthebb embed --model runs/mine/model.safetensors --out features.npy photos",
      "  ./fasthebb embed --model runs/mine/model.safetensors --out features.csv --layer pool1"
          + " --pool 2 photos"
    },
    description = {
      "Write the features of all photos in a folder, for Python and other programs, with their"
          + " files and labels. A label is the name of the folder that a photo lies in; photos"
          + " directly in DIR have none.",
      "",
      "A .npy holds float32 (photos, features), and FILE.npy.files.csv beside it a row per photo:"
          + " row, file, label. A .csv holds a row per photo: file, label, and the features."
          + " A .safetensors holds 'features', 'labels' as numbers (-1 for none), and in its"
          + " metadata 'files' and 'class_names' as JSON."
    })
public final class EmbedCommand extends PhotoCommand {
  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write or replace; its name ends with .npy, .csv or .safetensors.")
  private Path out;

  @Mixin private LayerOption layer;

  @Option(
      names = "--pool",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Average the maps of the layer to N x N means, which gives fewer features. Default:"
              + " 0, which leaves them as they are.")
  private int pool;

  @Parameters(paramLabel = "DIR", description = "A folder of photos, which may have folders in it.")
  private Path dir;

  private EmbedCommand() {}

  /** What {@code --json} prints. */
  private record Embedded(int photos, int features, int labels, String out, String model) {}

  @Override
  void check() {
    require(pool >= 0, "--pool is " + pool + "; it must be at least 0");
    requireName("--out", out, TableForm.ENDS);
    requireOther("--out", out, file());
  }

  private TableForm form() {
    return TableForm.of(out);
  }

  @Override
  void work(Model model) throws CheckpointException {
    String from = layer.among(this, model.layers());
    Photos photos = photos(List.of(dir), model.side());
    FeatureForm made = FeatureForm.PLAIN.pooled(pool);
    List<float[]> rows = new ArrayList<>();
    List<String> files = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    photos.features(
        model,
        from,
        made,
        this::failed,
        (i, features) -> {
          rows.add(features);
          files.add(seen(photos.file(i)));
          labels.add(label(photos.file(i)));
          step("embed", i + 1, photos.size());
        });
    FeatureTable table = new FeatureTable(files, labels, rows, model.featureCount(from, made));
    switch (form()) {
      case NPY -> table.writeNpy(out, beside());
      case CSV -> table.writeCsv(out);
      case SAFETENSORS -> table.writeSafeTensors(out, model.checksum());
    }
    int known = new TreeSet<>(labels.stream().filter(label -> !label.isEmpty()).toList()).size();
    String where = form() == TableForm.NPY ? out + ", their names in " + beside() : out.toString();
    answer(
        compute().json(),
        new Embedded(rows.size(), table.width(), known, out.toString(), file().toString()),
        Text.format(
            "%s of %s in %s",
            Text.count(table.width(), "feature"), Text.count(rows.size(), "photo"), where));
  }

  private Path beside() {
    return TableForm.namesBeside(out);
  }

  /** A file as seen from the folder, with slashes on every system. */
  private String seen(Path photo) {
    return dir.relativize(photo).toString().replace(photo.getFileSystem().getSeparator(), "/");
  }

  private String label(Path photo) {
    Path folder = dir.relativize(photo).getParent();
    return folder == null ? "" : folder.getFileName().toString();
  }
}
