package org.fasthebb.models.use;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.fasthebb.models.data.DataException;
import org.fasthebb.models.data.FileIndex;
import org.fasthebb.models.data.FolderListing;
import org.fasthebb.models.data.ImageFiles;
import org.fasthebb.models.data.ImageSource;
import org.fasthebb.models.data.Problems;
import org.fasthebb.models.image.Orientation;
import org.fasthebb.models.readout.FeatureForm;

/**
 * Image files, decoded when they are asked for, the shorter side resized and the centre cropped. A
 * file that cannot be read is black, and noted as a failure: it does not stop the others.
 */
public final class Photos implements ImageSource {
  private static final String CLASS = "photo";

  private final List<Path> files;
  private final ImageSource images;
  private final Map<Integer, DataException> failures = new ConcurrentHashMap<>();

  /**
   * Some files, which need not exist.
   *
   * @param side height and width to give each image
   */
  public Photos(List<Path> files, int side, Orientation orientation) {
    this.files = List.copyOf(files);
    FileIndex.Builder index = new FileIndex.Builder();
    Path last = null;
    for (Path file : this.files) {
      Path folder = folder(file);
      if (!folder.equals(last)) {
        index.folder(folder);
        last = folder;
      }
      index.add(String.valueOf(file.getFileName()), 0, 0, 0);
    }
    images = new ImageFiles(Path.of(""), List.of(CLASS), index.build()).onDemand(side, orientation);
  }

  private static Path folder(Path file) {
    return file.getParent() == null ? Path.of("") : file.getParent();
  }

  /**
   * The image files that paths name: files as they are, and for a folder all images in it and in
   * the folders below it, sorted by name.
   *
   * @param problems receives folders that cannot be listed, and files that are no images
   */
  public static List<Path> list(List<Path> paths, Problems problems) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        FolderListing.tree(path, problems).forEach(file -> files.add(path.resolve(file.name())));
      } else {
        files.add(path);
      }
    }
    return files;
  }

  /** The file of image {@code index}. */
  public Path file(int index) {
    return files.get(index);
  }

  /** Receives the features of photos, in their order. */
  @FunctionalInterface
  public interface Rows {
    /** Called for image {@code index}, which could be read. */
    void take(int index, float[] features);
  }

  /**
   * Computes the features of all photos that can be read.
   *
   * @param layer one of {@link Model#layers}
   * @param form how they are made; see {@link Model#features(ImageSource, String, FeatureForm,
   *     org.fasthebb.models.inputs.DataLoader.Block)}
   * @param failed receives why another one cannot be read, in one sentence
   */
  public void features(
      Model model, String layer, FeatureForm form, Consumer<DataException> failed, Rows rows) {
    model.features(
        this,
        layer,
        form,
        (block, from) -> {
          float[] values = block.toArray();
          int width = block.size(1);
          for (int i = 0; i < block.size(0); i++) {
            if (failure(from + i) != null) {
              failed.accept(failure(from + i));
            } else {
              rows.take(from + i, Arrays.copyOfRange(values, i * width, (i + 1) * width));
            }
          }
        });
  }

  /** Why image {@code index} could not be read, in one sentence; null if it was, or not yet. */
  public DataException failure(int index) {
    return failures.get(index);
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public int height() {
    return images.height();
  }

  @Override
  public int width() {
    return images.width();
  }

  @Override
  public int channels() {
    return images.channels();
  }

  @Override
  public List<String> classNames() {
    return images.classNames();
  }

  @Override
  public int label(int index) {
    return 0;
  }

  @Override
  public String nameOf(int index) {
    return files.get(index).toString();
  }

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public void read(int index, byte[] into, int at) {
    try {
      images.read(index, into, at);
    } catch (DataException e) {
      failures.put(index, e);
      Arrays.fill(into, at, at + imageBytes(), (byte) 0);
    }
  }
}
