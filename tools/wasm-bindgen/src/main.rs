//! Makes the loader and the WebAssembly that a browser gets from what the compiler linked: wasm-bindgen FILE FOLDER
//!
//! As `wasm-bindgen --target web --no-typescript --out-name claviger --out-dir FOLDER FILE`.

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(file), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("expected: wasm-bindgen FILE FOLDER".into());
    };
    Bindgen::new()
        .input_path(file)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .out_name("claviger")
        .generate(folder)?;
    Ok(())
}
