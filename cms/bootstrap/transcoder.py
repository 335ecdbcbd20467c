# SPDX-License-Identifier: Apache-2.0
"""The transcoder of KTX2 as browsers run it: its JavaScript without functions made out of text, which our content security policy forbids."""

from __future__ import annotations

from pathlib import Path

from cms.bootstrap.errors import MissingError

CLOSURES = {
    "let[args,invokerFnBody]=createJsInvoker(argTypes,isClassMethodFunc,returns,isAsync);args.push(invokerFnBody);"
    "var invokerFn=newFunc(Function,args)(...closureArgs);": """
/* Changed by Qilu: a closure in place of a function made out of text. */
var invokerFn=function(...given){
  const destructors=needsDestructorStack?[]:null;
  const self=isClassMethodFunc?[argTypes[1].toWireType(destructors,this)]:[];
  const wired=[...self,...given.map((value,at)=>argTypes[at+2].toWireType(destructors,value))];
  const result=cppInvokerFunc(cppTargetFunc,...wired);
  if(needsDestructorStack)runDestructors(destructors);
  else argTypes.slice(isClassMethodFunc?1:2).forEach((type,at)=>type.destructorFunction&&type.destructorFunction(wired[at]));
  if(returns)return argTypes[0].fromWireType(result);
};""",
    "var invokerFunction=newFunc(Function,params)(...args);": """
/* Changed by Qilu: a closure in place of a function made out of text. */
var invokerFunction=function(self,func,destructorsRef,packed){
  let at=packed;
  const given=types.map(type=>{const value=type.readValueFromPointer(at);at+=type.argPackAdvance;return value});
  const result=kind===1?Reflect.construct(func,given):kind===0?func.call(self,...given):func.call(...given);
  if(!retType.isVoid)return emval_returnValue(retType,destructorsRef,result);
};""",
}


def with_closures(script: str) -> str:
    """Exchange the places of the transcoder's JavaScript that make functions out of text.

    Raises
    ------
    MissingError
        Where it is not the script that this was written for.
    """
    for old, new in CLOSURES.items():
        if script.count(old) != 1:
            raise MissingError(
                "install.failed", retryable=False, what="basis_transcoder.js", reason="it is another version", log=Path(__file__).name
            )
        script = script.replace(old, new)
    return script
