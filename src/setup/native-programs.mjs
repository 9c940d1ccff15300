import { nativeBuildFolder, provideNative } from './native-build.mjs';

/** Where the addon and the device program for the lab's guest machine lie, as those for this machine lie in build/Release. */
export const labReleaseFolder = `${nativeBuildFolder}/lab/addon/Release`;

/** @param {string} folder */
const release = (folder) => [`${folder}/amp_addon.node`, `${folder}/amp_device`];

/** Builds the addon with the engine in it, and the device program, into build/Release. */
export function provideAddon() {
  const outputs = release(`${nativeBuildFolder}/Release`);
  provideNative('addon', { tests: false, targets: ['amp_addon'], outputs });
}

/** Builds the same for the lab's guest machine, into `labReleaseFolder`. */
export function provideLabAddon() {
  provideNative('lab-addon', { tests: true, targets: ['amp_lab_addon'], outputs: release(labReleaseFolder) });
}

/** Builds the native tests and all that they run. */
export function provideNativeTests() {
  provideNative('tests', { tests: true, targets: [], outputs: [`${nativeBuildFolder}/CTestTestfile.cmake`] });
}

/** Builds one program that the native tests have besides. @param {string} target @returns {string} its path in the repository */
export function provideTestProgram(target) {
  const path = `${nativeBuildFolder}/native/test/${target}`;
  provideNative(target, { tests: true, targets: [target], outputs: [path] });
  return path;
}

/** Builds the program that prints the declarations of all node types. @returns {string} its path in the repository */
export function provideDeclarationPrinter() {
  const path = `${nativeBuildFolder}/amp_declarations`;
  provideNative('declarations', { tests: false, targets: ['amp_declarations'], outputs: [path] });
  return path;
}
